/**
 * When to renew: with a third of the life left, and up to a twentieth of it earlier, so that names issued together are not renewed
 * together. `random` is 0 to 1. Works for lives of five years and of six days alike.
 */
export function renewalTime(life: { notBefore: Date; notAfter: Date }, random: number): Date {
  const lifeMs = life.notAfter.getTime() - life.notBefore.getTime();
  return new Date(life.notAfter.getTime() - lifeMs / 3 - (lifeMs / 20) * random);
}

/** A CA that always answers "now" must not make us renew without end. */
const LEAST_AGE_MS = 3_600_000;

/**
 * The same with a window of the CA's: a random time in it, unless a third of the life would be left sooner; an hour after the
 * certificate's start at the earliest.
 *
 * RFC 9773 §4.2
 */
export function renewalTimeInWindow(
  window: { start: Date; end: Date },
  life: { notBefore: Date; notAfter: Date },
  random: number,
): Date {
  const chosenMs = window.start.getTime() + (window.end.getTime() - window.start.getTime()) * random;
  const soonestMs = life.notBefore.getTime() + LEAST_AGE_MS;
  return new Date(Math.max(Math.min(chosenMs, renewalTime(life, random).getTime()), soonestMs));
}
