/** What file names end in to say what a file is. */
const SUFFIXES =
  /(?:\.(?:json|jsonl|gz|gzip|tgz|zip|7z|rar|tar|bz2|xz|zst|xml|eml|mbox|msg|txt|csv|log|html?|pdf|docx?|xlsx?|pptx?|odt|rtf|ics|vcf|p7[ms]|asc|sig|png|jpe?g|gif))+$/i;
/** Between the labels of a domain, as IDNA reads it too, or between the fields of a report's file name. RFC 8460 §5.1, RFC 3490 §3.1 */
const SEPARATOR = /[.!\u3002\uff0e\uff61]/;
const MAX_CHARS = 200;

/**
 * A file as sentences begin with it.
 *
 * A name that may hold a domain is left out, since it may be another account's: then only its suffix says which file it is. Bytes are
 * held back by the same rule, see `holdsForeignDomain`.
 */
export function nameFile(fileName: string | null): string {
  const name = (fileName ?? "").trim();
  if (name === "") return "The file";
  const [suffix = ""] = SUFFIXES.exec(name) ?? [];
  const stem = name.slice(0, name.length - suffix.length);
  if (!SEPARATOR.test(stem)) return `The file ${name.slice(0, MAX_CHARS)}`;
  return suffix === "" || suffix.length > 20 ? "The file" : `The ${suffix.toLowerCase()} file`;
}
