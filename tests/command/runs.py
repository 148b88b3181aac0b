"""Commands as a person gives them."""

from click.testing import CliRunner, Result

from degu.command.main import main


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def run(*arguments: object) -> str:
    """Return what a command that succeeds says."""
    done = invoke(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: object) -> str:
    """Return what a command that fails says, which is no traceback."""
    done = invoke(*arguments)
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    return done.output
