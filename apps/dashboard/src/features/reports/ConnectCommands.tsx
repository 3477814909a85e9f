import { CopyText } from "../../ui/CopyText.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { formatConnectCommands } from "./connect-commands.ts";

/** The same test for a terminal: two command lines to copy; nothing where the host is not a plain name. */
export function ConnectCommands({ mxHost, address }: { mxHost: string; address?: string | null }) {
  const commands = formatConnectCommands(mxHost, address);
  if (!commands) return null;
  return (
    <Stack gap={1}>
      <CopyText name="openssl command" value={commands.openssl} />
      <CopyText name="swaks command" value={commands.swaks} />
    </Stack>
  );
}
