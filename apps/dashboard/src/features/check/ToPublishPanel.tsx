import type { CheckView } from "../../api/contract.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";

/** The exact TXT records and policy file for what a check found missing or wrong; absent when there are none. */
export function ToPublishPanel({ toPublish: { records, policy } }: Pick<CheckView, "toPublish">) {
  if (records.length === 0 && policy === null) return null;
  return (
    <Panel title="What to publish" hint="The exact records and policy file for what is missing or wrong.">
      <Stack>
        {policy && (
          <Stack gap={3}>
            <Text tone="soft">{policy.reason}</Text>
            <CopyText value={policy.url} name="address of the policy file" />
            <CodeBlock text={policy.body.trimEnd()} label="Policy file to publish" />
          </Stack>
        )}
        {records.map(({ name, value, reason }) => (
          <Stack gap={3} key={name}>
            <Text tone="soft">{reason}</Text>
            <Facts
              items={{
                Name: <CopyText value={name} name={`name ${name}`} />,
                "TXT value": <CopyText value={value} name={`value of ${name}`} />,
              }}
            />
          </Stack>
        ))}
      </Stack>
    </Panel>
  );
}
