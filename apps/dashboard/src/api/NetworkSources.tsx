import { useQuery } from "@tanstack/react-query";
import { Text } from "../ui/Text.tsx";
import { infoQuery } from "./account.ts";

/** Whose data names the owners of networks: their licences ask for a link wherever an owner is shown. */
export function NetworkSources() {
  const { data: info } = useQuery(infoQuery);
  if (!info || info.dataSources.length === 0) return null;
  return (
    <Text tone="soft" small>
      Owners of networks are a hint, from{" "}
      {info.dataSources.map(({ name, url, licence }, index) => (
        <span key={url}>
          {index > 0 && ", "}
          <a href={url}>{name}</a> ({licence})
        </span>
      ))}
      .
    </Text>
  );
}
