/** The fewest characters of a password. */
export const MIN_PASSWORD_LENGTH = 12;

/** The most characters of a password; hashing longer ones would cost an attacker nothing and us a lot. */
export const MAX_PASSWORD_LENGTH = 128;

/**
 * Returns in words what is wrong with a new password; `undefined` when it may be used.
 *
 * It refuses the email address itself, and passwords on a list of frequently leaked ones; other case, digits or signs at the end do not make
 * a listed one acceptable. The list is part of the package; no service is asked.
 *
 * NIST SP 800-63B §5.1.1.2
 */
export async function findPasswordProblem(password: string, email = ""): Promise<string | undefined> {
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH)
    return `A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`;
  const plain = password.toLowerCase();
  const [localPart = ""] = email.toLowerCase().split("@");
  if (email !== "" && (plain === email.toLowerCase() || stemOf(plain) === localPart))
    return "The password is your email address. Choose another one.";
  const leaked = await loadLeakedPasswords();
  if (leaked.has(plain) || leaked.has(stemOf(plain)) || new Set(plain).size < 4)
    return "Many people use this password, so it is guessed first. Choose another one, such as a few words.";
  return undefined;
}

function stemOf(password: string): string {
  return password.replace(/[^a-z]+$/, "") || password;
}

let leakedPasswords: Promise<ReadonlySet<string>> | undefined;

/** Loaded on first use: the list is large, and only a process that sets passwords needs it. */
function loadLeakedPasswords(): Promise<ReadonlySet<string>> {
  leakedPasswords ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set<string>(dictionary["passwords-common"]),
  );
  return leakedPasswords;
}
