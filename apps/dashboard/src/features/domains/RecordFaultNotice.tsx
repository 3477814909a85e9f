import type { SetupRecordView } from "../../api/contract.ts";
import { Notice } from "../../ui/Notice.tsx";
import { nameForForm, type RecordFault } from "./find-record-fault.ts";

type Props = {
  fault: RecordFault;
  record: SetupRecordView;
  domain: string;
  zone: string;
  entry: { name: string; target: string };
};

/** What was seen in place of a CNAME, what was expected, and what to do. */
export function RecordFaultNotice({ fault, record, domain, zone, entry }: Props) {
  const seen = <code>{record.seen ?? "another record"}</code>;
  switch (fault) {
    case "misplaced":
      return (
        <Notice tone="bad" title="It is there, but at the wrong name" live>
          We found it at <code>{record.misplaced}</code>: the DNS form adds the zone automatically. Change its
          name to <code>{nameForForm(record, zone)}</code>, so that it ends up as <code>{record.name}</code>.
        </Notice>
      );
    case "longTarget":
      return (
        <Notice tone="bad" title="Its target got your domain added" live>
          We saw {seen}. End the target with a dot: <code>{record.target}.</code>
        </Notice>
      );
    case "proxied":
      return (
        <Notice tone="bad" title="It looks proxied by Cloudflare" live>
          We saw {seen} in place of the CNAME. Set its proxy status to “DNS only” (grey cloud), or replace
          what is there by the CNAME to <code>{record.target}</code>.
        </Notice>
      );
    case "wrong":
      return (
        <Notice tone="notice" title="This name answers something else">
          We see {seen}. Replace it by a CNAME to <code>{entry.target}</code>: beside a CNAME a name can have
          no other record.
        </Notice>
      );
    case "otherToken":
      return (
        <Notice tone="bad" title="It points to us, but not to this domain" live>
          We see {seen}: an old token, or one of another account. Replace the target with{" "}
          <code>{entry.target}</code>.
        </Notice>
      );
    case "otherRecord":
      return (
        <Notice tone="bad" title="It has the target of another of the three CNAMEs" live>
          We see {seen}. The target of this name is <code>{entry.target}</code>.
        </Notice>
      );
    case "unknownName":
      return (
        <Notice tone="bad" title="Its target does not exist" live>
          We see {seen}, which is no name of ours. Copy the target again: <code>{entry.target}</code>.
        </Notice>
      );
    case "unreachable":
      return (
        <Notice tone="notice" title={`The DNS of ${domain} gave no usable answer`}>
          {record.seen ?? "Its name servers gave no usable answer"}. We keep looking.
        </Notice>
      );
  }
}
