"""course completion"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option


@click.command(
    "completion",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Print what a shell needs to complete commands.\n\nExample: course completion bash\n\n"
        'bash: put into ~/.bashrc: eval "$(course completion bash)"\n\n'
        'zsh: put into ~/.zshrc: eval "$(course completion zsh)"\n\n'
        "fish: course completion fish > ~/.config/fish/completions/course.fish\n\n"
        "PowerShell: put into $PROFILE: course completion powershell | Out-String | Invoke-Expression"
    ),
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish", "powershell")))
@language_option
def command(shell: str) -> int:
    from grader.cli.app import COMPLETING, build
    from grader.cli.completing import script

    click.echo(script(build(), shell, COMPLETING))
    return 0
