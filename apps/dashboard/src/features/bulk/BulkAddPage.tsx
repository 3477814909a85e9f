import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton, OnlyFor } from "../../api/ActionButton.tsx";
import { previewDomains } from "../../api/bulk.ts";
import { paths } from "../../paths.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FileButton } from "../../ui/FileButton.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { TextAreaField } from "../../ui/TextAreaField.tsx";
import { BulkAddList } from "./BulkAddList.tsx";

const MAX_LIST_LENGTH = 250_000;

export function BulkAddPage() {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const preview = useMutation({ mutationFn: previewDomains });
  const look = (list: string) => {
    const isTooLong = list.length > MAX_LIST_LENGTH;
    setProblem(
      isTooLong
        ? "The list is longer than 250,000 characters. Split it."
        : list.trim() === ""
          ? "Paste a list or choose a file."
          : undefined,
    );
    if (isTooLong || list.trim() === "") return preview.reset();
    preview.mutate(list);
  };
  const choose = async (file: File) => {
    // A file of our longest list has at most four bytes a character; what is larger is never read.
    const list = file.size > 4 * MAX_LIST_LENGTH ? " ".repeat(MAX_LIST_LENGTH + 1) : await file.text();
    if (list.length <= MAX_LIST_LENGTH) setText(list);
    look(list);
  };
  return (
    <>
      <PageHeader
        title="Add many domains"
        lead="We check every line first. Nothing is added until you confirm."
        above={
          <Link to={paths.domains()}>
            <Icon name="back" size={14} />
            Domains
          </Link>
        }
      />
      <Stack>
        <Panel title="The list" hint="One domain a line, or a CSV file with the columns domain and customer.">
          <Stack gap={3}>
            <TextAreaField
              label="Domains"
              hint="At most 1,000 lines. A customer in the second column gets an account of its own."
              placeholder={"example.com\nexample.org, Example Bakery"}
              rows={8}
              value={text}
              error={problem}
              onChange={(value) => {
                setText(value);
                setProblem(undefined);
                preview.reset();
              }}
            />
            <ErrorNotice error={preview.error} />
            <Row>
              <ActionButton
                needs="domains.change"
                look="primary"
                busy={preview.isPending}
                onClick={() => look(text)}
              >
                {preview.isPending ? "Checking…" : "Preview"}
              </ActionButton>
              <OnlyFor needs="domains.change">
                <FileButton
                  label="Select a CSV file"
                  accept=".csv,.txt,text/csv,text/plain"
                  onChoose={(file) => void choose(file)}
                />
              </OnlyFor>
            </Row>
          </Stack>
        </Panel>
        {preview.data && <BulkAddList key={preview.submittedAt} preview={preview.data} />}
      </Stack>
    </>
  );
}
