import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { DnsRecordSet } from "../zone/dns-record-set.ts";

const MAX_STRING_CHARACTERS = 255;

/** A record set as Route 53 takes it: values in zone-file form, texts as quoted strings of at most 255 bytes. */
export function formatRoute53RecordSet(records: DnsRecordSet): ResourceRecordSet {
  return {
    Name: `${records.name}.`,
    Type: records.type,
    TTL: records.ttlSeconds,
    ResourceRecords: formatValues(records).map((Value) => ({ Value })),
  };
}

function formatValues(records: DnsRecordSet): string[] {
  switch (records.type) {
    case "A":
    case "AAAA":
      return [...records.values];
    case "NS":
      return records.values.map((name) => `${name}.`);
    case "TXT":
      return records.values.map(quoteText);
    case "CAA":
      return records.values.map(({ flags, tag, value }) => `${flags} ${tag} ${quote(value)}`);
    case "MX":
      return records.values.map(({ preference, mxHost }) => `${preference} ${mxHost}.`);
  }
}

function quoteText(text: string): string {
  const strings: string[] = [];
  for (let start = 0; start < text.length; start += MAX_STRING_CHARACTERS) {
    strings.push(quote(text.slice(start, start + MAX_STRING_CHARACTERS)));
  }
  return strings.join(" ");
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}
