import { SingleBar } from "cli-progress";

/** A bar of things done (`files`), drawn on `stream` and wiped away at the end; without one nothing is drawn. */
export function openProgressBar(
  stream: NodeJS.WritableStream | undefined,
  total: number,
  things: string,
): { advance(count: number): void; stop(): void } {
  if (!stream) return { advance: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    stream,
    format: `{bar} {percentage} % | {value} of {total} ${things} | {eta_formatted} left`,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(total, 0);
  return { advance: (count) => bar.increment(count), stop: () => bar.stop() };
}
