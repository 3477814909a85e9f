import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useSignOut } from "../../api/use-sign-out.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { FindButton } from "./FindButton.tsx";

/** Light or dark, and the way out. */
export function AccountControls({ className }: { className?: string | undefined }) {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  const leave = useSignOut();
  return (
    <div className={className}>
      <FindButton />
      <Link to={paths.help()} className={buttonClass("quiet", true)} aria-label="Help">
        <Icon name="help" />
      </Link>
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
