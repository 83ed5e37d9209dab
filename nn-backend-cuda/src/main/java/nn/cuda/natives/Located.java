package nn.cuda.natives;

import java.nio.file.Path;

/**
 * A library that was found.
 *
 * @param file its full path
 * @param origin which of the places it was in, as users know it
 */
public record Located(Path file, String origin) {}
