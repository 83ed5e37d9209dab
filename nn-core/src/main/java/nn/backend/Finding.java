package nn.backend;

/**
 * One thing that a backend's provider looked for on this machine, for whoever wants to know why the
 * backend runs or does not.
 *
 * @param subject what was looked for, in a word or two
 * @param detail what was found, and where
 */
public record Finding(String subject, String detail) {}
