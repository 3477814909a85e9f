import { expect, test } from "vitest";
import { formatConnectCommands } from "./connect-commands.ts";

test("a mail host is tested with its name in SNI and in the certificate, at an address if one is known", () => {
  expect(formatConnectCommands("mx1.example.com")).toEqual({
    openssl:
      "openssl s_client -starttls smtp -connect mx1.example.com:25 -servername mx1.example.com -verify_hostname mx1.example.com -verify_return_error </dev/null",
    swaks:
      "swaks --server mx1.example.com --port 25 --tls --tls-sni mx1.example.com --tls-verify --quit-after TLS",
  });
  expect(formatConnectCommands("mx1.example.com", "192.0.2.1")?.openssl).toContain("-connect 192.0.2.1:25 ");
  expect(formatConnectCommands("mx1.example.com", "2001:db8::1")?.openssl).toContain(
    "-connect '[2001:db8::1]':25 ",
  );
});

test.each([
  ["", undefined],
  ["mx.example; rm -rf ~", undefined],
  ["$(reboot).example", undefined],
  ["`id`", undefined],
  ["-oProxyCommand=x", undefined],
  ["mx.example\nreboot", undefined],
  ["mx.example|sh", undefined],
  ["a'b.example", undefined],
  ["mx..example", undefined],
  [`${"a".repeat(64)}.`.repeat(5), undefined],
  ["mx.example", "192.0.2.1; reboot"],
  ["mx.example", "'"],
  ["mx.example", "$(id)::"],
])("nothing a stranger wrote reaches a shell: %j at %j", (host, address) => {
  expect(formatConnectCommands(host, address)).toBeUndefined();
});
