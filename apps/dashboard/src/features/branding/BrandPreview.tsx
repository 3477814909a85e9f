import { COLOR_PATTERN, shadesOf } from "@waxseal/contract/brand-color";
import { Text } from "../../ui/Text.tsx";
import styles from "./Branding.module.css";

/** How links and buttons look in a colour, on light and on dark pages, and where it is shown in another shade. */
export function BrandPreview({ color }: { color: string }) {
  if (!COLOR_PATTERN.test(color)) return null;
  const { light, dark } = shadesOf(color);
  const changed = [
    ...(light.isKept ? [] : [`darker (${light.accent}) on light pages and in mails`]),
    ...(dark.isKept ? [] : [`lighter (${dark.accent}) on dark pages`]),
  ];
  return (
    <div>
      <svg viewBox="0 0 440 72" className={styles.preview} role="img" aria-label="How the colour will look">
        {([light, dark] as const).map((shades, index) => (
          <g key={index === 0 ? "light" : "dark"} transform={`translate(${index * 220} 0)`}>
            <rect width="220" height="72" fill={index === 0 ? "#ffffff" : "#151920"} />
            <rect x="16" y="18" width="92" height="36" rx="5" fill={shades.accent} />
            <text x="62" y="41" textAnchor="middle" fill={shades.onAccent}>
              A button
            </text>
            <text x="128" y="41" fill={shades.accent} textDecoration="underline">
              A link
            </text>
          </g>
        ))}
      </svg>
      <Text small tone="soft">
        {changed.length === 0
          ? "It can be read on light and on dark pages."
          : `So that it can be read, it is shown ${changed.join(", and ")}.`}
      </Text>
    </div>
  );
}
