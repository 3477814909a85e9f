const SHAPES = {
  check: "m3.5 8.5 3 3 6-7",
  copy: "M5.5 5.5V3a.5.5 0 0 1 .5-.5h7a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5h-2.500M3 5.500h7a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5V6a.5.5 0 0 1 .5-.5Z",
  plus: "M8 3v10M3 8h10",
  cross: "m4 4 8 8m0-8-8 8",
  arrow: "M3 8h10M9 4l4 4-4 4",
  back: "M13 8H3m4-4L3 8l4 4",
  download: "M8 2.500v8m-3.5-3L8 11l3.5-3.500M3 13.500h10",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1.500v1m0 11v1m6.5-6.500h-1m-11 0h-1m11.1-4.6-.7.7m-7.8 7.8-.7.7m9.2 0-.7-.7M4.1 4.100l-.7-.7",
  moon: "M13.5 9.500A6 6 0 0 1 6.5 2.500a6 6 0 1 0 7 7Z",
  globe:
    "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14C6 12 5.5 10 5.5 8S6 4 8 2Z",
  chart: "M2.5 13.500h11M4.5 11V8m3.5 3V3m3.5 8V6",
  inbox: "M2.5 9.500h3l1 2h3l1-2h3M2.5 9.500v3a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-3m-11 0 2-6.500h7l2 6.5",
  gear: "M8 5.800a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.400ZM8 1.800v1.700m0 9v1.700M14.2 8h-1.700m-9 0H1.800m10.6-4.4-1.2 1.200m-6.4 6.4-1.2 1.200m8.8 0-1.2-1.200M4.8 4.8 3.6 3.6",
  bell: "M4 11V7a4 4 0 0 1 8 0v4m-9.500.500h11M6.800 13.500h2.400",
  people:
    "M6 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM1.500 13.500c0-2.500 2-4 4.500-4s4.500 1.500 4.500 4M10.500 2.800a2.500 2.500 0 0 1 0 4.400m1.500 2.600c1.500.5 2.500 1.800 2.500 3.700",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8 3.2 3.2",
  help: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM6.3 6.5a1.7 1.7 0 1 1 2.5 1.5c-.5.3-.8.6-.8 1.2m0 2.1v.2",
  home: "M2.5 7.500 8 2.500l5.5 5M4 6.500v7h3v-4h2v4h3v-7",
  choose: "m5 6 3-3 3 3m0 4-3 3-3-3",
  exit: "M6 13.500H3a.5.5 0 0 1-.5-.5V3a.5.5 0 0 1 .5-.5h3M10.5 11l3-3-3-3m3 3H6",
} as const;

export type IconName = keyof typeof SHAPES;

/** A line drawing of 16 px that says nothing to a screen reader. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={SHAPES[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
