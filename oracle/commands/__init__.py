"""The commands of ``oracle``, one a module, each with a ``command`` that click runs."""
