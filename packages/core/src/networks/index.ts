export { createNetworkDirectory, type Network, type NetworkDirectory } from "./create-network-directory.ts";
export { networkDataSources } from "./network-data-sources.ts";
