import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton, OnlyFor } from "../../api/ActionButton.tsx";
import { ApiError } from "../../api/client.ts";
import { addDomain, domainQuery } from "../../api/domains.ts";
import { paths } from "../../paths.ts";
import { errorText } from "../../ui/ErrorState.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { NumberedList } from "../../ui/NumberedList.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";

export function AddDomainPage() {
  const [text, setText] = useState("");
  const [isEmpty, setIsEmpty] = useState(false);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: (ask: boolean, scope) => addDomain(text, ask, scope),
    onSuccess: async (domain) => {
      queryClient.setQueryData(domainQuery(domain.id).queryKey, domain);
      void queryClient.invalidateQueries({ queryKey: ["domains"] });
      await navigate({ to: paths.domain({ domainId: domain.id }) });
    },
  });
  const send = () => {
    setIsEmpty(text.trim() === "");
    if (text.trim() !== "" && !add.isPending) add.mutate(true);
  };
  const refusal = readRefusal(add.error);
  return (
    <>
      <PageHeader
        title="Add a domain"
        lead="The part after the @ of the addresses you want to protect."
        above={
          <Link to={paths.domains()}>
            <Icon name="back" size={14} />
            Domains
          </Link>
        }
      />
      <Stack>
        <Panel
          title="Your domain"
          actions={
            <OnlyFor needs="domains.change">
              <Link to={paths.addDomains()}>Add many from a list or CSV file</Link>
            </OnlyFor>
          }
        >
          <Form onSend={send}>
            <Stack>
              <TextField
                label="Domain"
                hint="You can also paste an email address or URL."
                placeholder="example.com"
                autoFocus
                value={text}
                error={isEmpty ? "Enter a domain." : refusal.field}
                onChange={(value) => {
                  setText(value);
                  setIsEmpty(false);
                  add.reset();
                }}
              />
              {refusal.other && (
                <Notice tone="bad" live>
                  {refusal.other}
                </Notice>
              )}
              {refusal.question && (
                <Notice tone="notice" title="Is this the domain you mean?" live>
                  {refusal.question}
                </Notice>
              )}
              <Row>
                <ActionButton needs="domains.change" type="submit" look="primary" busy={add.isPending}>
                  {add.isPending ? "Looking it up…" : "Continue"}
                </ActionButton>
                {refusal.question && (
                  <ActionButton needs="domains.change" onClick={() => add.mutate(false)}>
                    Add it anyway
                  </ActionButton>
                )}
              </Row>
            </Stack>
          </Form>
        </Panel>
        <Panel title="What happens next">
          <NumberedList items={NEXT} />
        </Panel>
      </Stack>
    </>
  );
}

const NEXT = [
  {
    title: "We look up your mail hosts",
    detail: "And draft a policy for them in testing mode, which blocks nothing.",
  },
  {
    title: "You publish three CNAME records",
    detail: "Once, where your DNS is managed. This page updates automatically.",
  },
  {
    title: "We do the rest",
    detail:
      "Certificate, policy, its id and the reports: usually within a minute of the records being visible.",
  },
];

function readRefusal(error: unknown): { field?: string; question?: string; other?: string } {
  if (!error) return {};
  if (error instanceof ApiError && error.code === "confirm_needed") return { question: error.message };
  const isAboutTheDomain =
    error instanceof ApiError && (error.code === "invalid" || error.code === "conflict");
  if (!isAboutTheDomain) return { other: errorText(error) };
  return { field: error.problemWith("domain") ?? error.message };
}
