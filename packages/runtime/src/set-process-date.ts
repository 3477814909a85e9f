/**
 * Makes `new Date()` and `Date.now()` of the whole process say what `now` says. For a process' entry only.
 *
 * Libraries that we run read the time of day themselves: better-auth deletes sessions that have expired by it, graphile-worker starts
 * recurring jobs by it, and mailauth and jose judge signatures by it. Dates from a value, and everything that a Date can do, stay as they are.
 */
export function setProcessDate(now: () => number): void {
  const native = globalThis.Date;
  globalThis.Date = new Proxy(native, {
    construct: (target, values: unknown[], newTarget: typeof Date) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    // Date() without `new` is a text.
    apply: () => Reflect.construct(native, [now()]).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
}
