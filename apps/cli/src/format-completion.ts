/** The commands by name, each with the names of its own commands. */
export type CommandNames = ReadonlyMap<string, readonly string[]>;

/** Shells that can complete our commands. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A script that completes commands in a shell; to be read by `source`. */
export function formatCompletion(shell: (typeof SHELLS)[number], commands: CommandNames): string {
  if (shell === "fish") return formatFish(commands);
  // zsh has bash's way of completing as a module.
  return (shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "") + formatBash(commands);
}

function formatBash(commands: CommandNames): string {
  const cases = [...commands]
    .filter(([, names]) => names.length > 0)
    .map(([command, names]) => `    ${command}) words="${names.join(" ")}" ;;`);
  return `_waxseal() {
  local words="${[...commands.keys()].join(" ")}"
  if [ "$COMP_CWORD" -gt 2 ]; then words=""; fi
  if [ "$COMP_CWORD" -eq 2 ]; then case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="" ;;
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _waxseal waxseal ./waxseal
`;
}

function formatFish(commands: CommandNames): string {
  const first = `complete -c waxseal -n __fish_use_subcommand -a "${[...commands.keys()].join(" ")}"\n`;
  const others = [...commands].filter(([, names]) => names.length > 0);
  return (
    first +
    others
      .map(
        ([command, names]) =>
          `complete -c waxseal -n "__fish_seen_subcommand_from ${command}" -a "${names.join(" ")}"\n`,
      )
      .join("")
  );
}
