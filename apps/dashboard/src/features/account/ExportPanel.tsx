import { mayDo, type Role } from "@waxseal/contract/permissions";
import { AccountFile } from "../../api/AccountFile.tsx";
import { ACCOUNT_EXPORT_PATH } from "../../api/closing.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";

/** All data of the account in one file. */
export function ExportPanel({ role }: { role: Role }) {
  if (!mayDo(role, "account.export")) return null;
  return (
    <Panel title="Export">
      <Stack>
        <Text>
          The export is one JSON file with every domain, policy version, event, report and raw message of this
          account. Private keys are not in it.
        </Text>
        <div>
          <AccountFile className={buttonClass("secondary")} path={ACCOUNT_EXPORT_PATH}>
            Export all data (JSON)
          </AccountFile>
        </div>
      </Stack>
    </Panel>
  );
}
