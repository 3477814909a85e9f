export { createNetworkDirectory, type Network, type NetworkDirectory } from "./create-network-directory.ts";
export { createNetworkFinder, type FindNetwork, findNoNetwork } from "./create-network-finder.ts";
export { networkDataSources } from "./network-data-sources.ts";
