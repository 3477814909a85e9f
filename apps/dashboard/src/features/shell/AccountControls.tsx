import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useSignOut } from "../../api/use-sign-out.ts";
import { Button } from "../../ui/Button.tsx";

/** Light or dark, and the way out. */
export function AccountControls({ className }: { className?: string | undefined }) {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  const leave = useSignOut();
  return (
    <div className={className}>
      <Button
        look="quiet"
        small
        icon={isDark ? "sun" : "moon"}
        aria-label={isDark ? "Use light colours" : "Use dark colours"}
        onClick={() => setColorScheme(isDark ? "light" : "dark")}
      >
        {null}
      </Button>
      <Button look="quiet" small icon="exit" busy={leave.isPending} onClick={() => leave.mutate()}>
        <span>Sign out</span>
      </Button>
    </div>
  );
}
