const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be read or written by this user",
  EPERM: "may not be read or written by this user",
  EISDIR: "is a folder, not a file",
  ENOTDIR: "is in a folder that is a file",
  ELOOP: "is a link that leads back to itself",
  ENOSPC: "has no space left on its disk",
  EROFS: "is on a disk that accepts only reads",
  EDQUOT: "is over the disk quota",
  EMFILE: "cannot be opened: too many files are open",
  ENFILE: "cannot be opened: too many files are open",
  ENAMETOOLONG: "has a name that is too long",
  EIO: "cannot be read: the disk reports an error",
};

/** What an error of a file or folder means, as the end of a sentence that begins with its name. Never throws. */
export function explainFileError(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  return SENTENCES[code] ?? "cannot be used";
}
