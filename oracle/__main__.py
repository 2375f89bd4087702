"""The command ``oracle`` by ``python -m oracle``, where its folder is not on the path."""

from oracle.cli import main

if __name__ == "__main__":
    main(prog_name="oracle")
