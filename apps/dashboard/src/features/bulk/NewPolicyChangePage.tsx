import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { HEALTH_WORDS } from "@waxseal/contract/health-words";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import { customersQuery } from "../../api/customers.ts";
import { prepareChange } from "../../api/policy-changes.ts";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { formatDuration } from "../../format/durations.ts";
import { paths } from "../../paths.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Columns, Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { TextAreaField } from "../../ui/TextAreaField.tsx";
import { type ChangeSelection, readChangeSelection } from "./read-change-selection.ts";

const MODES = [
  { value: "", label: "Leave as it is" },
  { value: "testing", label: "Testing" },
  { value: "enforce", label: "Enforce" },
  { value: "none", label: "None" },
] as const;
const AGES_SECONDS = [86_400, 604_800, 1_209_600, 2_592_000, 7_776_000, 15_552_000];

/** Says what is to become different in the policies of many domains. */
export function NewPolicyChangePage() {
  const selection = readChangeSelection(useSearch({ strict: false }));
  const [mode, setMode] = useState<(typeof MODES)[number]["value"]>("");
  const [age, setAge] = useState("");
  const [added, setAdded] = useState("");
  const [removed, setRemoved] = useState("");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const edit = {
    ...(mode && { mode }),
    ...(age && { maxAgeSeconds: Number(age) }),
    addMx: readLines(added),
    removeMx: readLines(removed),
  };
  const { domainIds, exceptIds, expected, ...filter } = selection;
  const prepare = useMutation({
    mutationFn: (_, scope) =>
      prepareChange(
        {
          edit,
          ...(domainIds
            ? { domainIds: domainIds.split(",") }
            : {
                filter,
                ...(exceptIds && { exceptIds: exceptIds.split(",") }),
                ...(expected && { expected: Number(expected) }),
              }),
        },
        scope,
      ),
    onSuccess: async ({ id: changeId }) => {
      await queryClient.invalidateQueries({ queryKey: ["policy-changes"] });
      await navigate({ to: paths.policyChange({ changeId }) });
    },
  });
  const isEmpty = !mode && !age && edit.addMx.length + edit.removeMx.length === 0;
  return (
    <>
      <PageHeader
        title="Change many policies"
        lead="We check every domain first. No policy changes until you confirm."
        above={
          <Link to={paths.policyChanges()}>
            <Icon name="back" size={14} />
            Bulk changes
          </Link>
        }
      />
      <Form
        onSend={() => {
          if (!isEmpty && !prepare.isPending) prepare.mutate();
        }}
      >
        <Panel title="What changes" hint={<Chosen selection={selection} />}>
          <Stack>
            <Columns>
              <SelectField
                label="Mode"
                hint="Enforce is refused where a live MX host would not be covered."
                value={mode}
                options={MODES}
                onChange={(value) => setMode(MODES.find((one) => one.value === value)?.value ?? "")}
              />
              <SelectField
                label="Cached for (max_age)"
                hint="The max_age."
                value={age}
                options={[
                  { value: "", label: "Leave as it is" },
                  ...AGES_SECONDS.map((seconds) => ({
                    value: String(seconds),
                    label: formatDuration(seconds),
                  })),
                ]}
                onChange={setAge}
              />
            </Columns>
            <Columns>
              <TextAreaField
                label="Add MX hosts"
                hint="One a line, added to every policy that lacks it."
                placeholder="*.mail.example.com"
                rows={3}
                value={added}
                onChange={setAdded}
              />
              <TextAreaField
                label="Remove MX hosts"
                hint="One a line, exactly as the policy has it."
                placeholder="old-mx.example.com"
                rows={3}
                value={removed}
                onChange={setRemoved}
              />
            </Columns>
            <ErrorNotice error={prepare.error} />
            <div>
              <ActionButton
                needs="policies.publish"
                type="submit"
                look="primary"
                busy={prepare.isPending}
                disabledReason={isEmpty ? "Select something to change." : undefined}
              >
                {prepare.isPending ? "Checking…" : "Preview changes"}
              </ActionButton>
            </div>
          </Stack>
        </Panel>
      </Form>
    </>
  );
}

function Chosen({ selection }: { selection: ChangeSelection }) {
  const { data: me } = useQuery(meQuery);
  const { data: customers } = useQuery(customersQuery());
  const { domainIds, exceptIds, expected, q, health, status, accountId, tag } = selection;
  if (domainIds) return <>{`For ${formatCountOf(domainIds.split(",").length, "chosen domain")}.`}</>;
  const owner =
    accountId &&
    (accountId === me?.account.id
      ? me.account.name
      : (customers?.items.find(({ id }) => id === accountId)?.name ?? "one customer"));
  const parts = [
    owner ? `of ${owner}` : "of this account and its customers",
    health && `with the health “${health === "attention" ? "Needs attention" : HEALTH_WORDS[health]}”`,
    status && `of the status “${STATUS_WORDS[status]}”`,
    tag && `tagged “${tag}”`,
    q && `whose name has “${q}”`,
    exceptIds && `but ${formatCount(exceptIds.split(",").length)}`,
  ].filter(Boolean);
  const all = expected ? `all ${formatCountOf(Number(expected), "domain")}` : "all domains";
  return <>{`For ${all} ${parts.join(", ")}; at most 1,000.`}</>;
}

const STATUS_WORDS = {
  pending: "Setting up",
  active: "Live",
  leaving: "Turning off",
  left: "Off",
};

function readLines(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}
