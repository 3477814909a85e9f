/**
 * When to renew: with a third of the life left, and up to a twentieth of it earlier, so that names issued together are not renewed
 * together. `random` is 0 to 1. Works for lives of five years and of six days alike.
 */
export function renewalTime(life: { notBefore: Date; notAfter: Date }, random: number): Date {
  const lifeMs = life.notAfter.getTime() - life.notBefore.getTime();
  return new Date(life.notAfter.getTime() - lifeMs / 3 - (lifeMs / 20) * random);
}
