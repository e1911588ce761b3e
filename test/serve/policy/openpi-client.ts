// openpi's client from PyPI, for tests and benchmarks.

/** As `pythonWith` takes it; the packages at its end are needed and not declared, and it does not work with numpy 2. */
export const OPENPI = ["openpi-client", "openpi_client", ["numpy<2", "typing_extensions"]] as const;
