package nn.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Draws figures. What measures needs no library for pictures: it is handed one of these. */
@FunctionalInterface
public interface Drawing {
  /** A kind of file. */
  enum Format {
    PNG,
    SVG;

    /**
     * The kind that a file's name ends with.
     *
     * @throws IllegalArgumentException if it is none of these; the message lists them
     */
    static Format of(String file) {
      for (Format format : values()) {
        if (file.toLowerCase(Locale.ROOT).endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
          return format;
        }
      }
      throw new IllegalArgumentException("\"" + file + "\" must end with .png or .svg");
    }
  }

  /** The figures below one another, as a file's content; at least one. */
  byte[] draw(List<Figure> figures, Format format) throws IOException;
}
