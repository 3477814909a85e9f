const UNITS = [
  { one: "year", many: "years", seconds: 31_557_600 },
  { one: "week", many: "weeks", seconds: 604_800 },
  { one: "day", many: "days", seconds: 86_400 },
  { one: "hour", many: "hours", seconds: 3_600 },
  { one: "minute", many: "minutes", seconds: 60 },
  { one: "second", many: "seconds", seconds: 1 },
] as const;

/** A duration in the largest unit that divides it evenly: 604800 is 1 week, 864000 is 10 days. */
export function formatDuration(seconds: number): string {
  const unit = UNITS.find((candidate) => seconds >= candidate.seconds && seconds % candidate.seconds === 0);
  if (!unit) return `${seconds} seconds`;
  const count = seconds / unit.seconds;
  return `${count.toLocaleString("en-US")} ${count === 1 ? unit.one : unit.many}`;
}

/** How far an instant lies from `now`, roughly: "in 3 days", "2 minutes ago", "just now". */
export function formatDistance(at: string, now: Date): string {
  const seconds = Math.round((new Date(at).getTime() - now.getTime()) / 1_000);
  const size = Math.abs(seconds);
  if (size < 5) return "just now";
  const unit = UNITS.find((candidate) => candidate.one !== "week" && size >= candidate.seconds);
  if (!unit) return "just now";
  const count = Math.floor(size / unit.seconds);
  const text = `${count} ${count === 1 ? unit.one : unit.many}`;
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}
