"""The reference of every spec as Markdown: its formula in LaTeX, arguments, slots and stages."""
