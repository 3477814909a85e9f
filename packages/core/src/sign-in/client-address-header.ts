/** The header in which the API hands over the client's address; whatever a client sends in it is dropped. */
export const CLIENT_ADDRESS_HEADER = "x-waxseal-client-address";
