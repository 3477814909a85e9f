// Placeholder until the schema stands; replaced below.
