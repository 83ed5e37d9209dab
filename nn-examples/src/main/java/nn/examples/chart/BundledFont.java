package nn.examples.chart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The font that ships with this module, so that pictures can be drawn on a server without fonts, or
 * without fontconfig, and look the same everywhere.
 *
 * <p>On Linux AWT asks fontconfig where the fonts are, and throws where it finds none, unless the
 * system property {@value #PROPERTY} names a file that says so.
 */
final class BundledFont {
  private static final String PROPERTY = "sun.awt.fontconfig";
  private static final String FONT = "DejaVuSans.ttf";
  private static final String[] FAMILIES = {
    "serif", "sansserif", "monospaced", "dialog", "dialoginput"
  };
  private static final String[] STYLES = {"plain", "bold", "italic", "bolditalic"};

  private BundledFont() {}

  /** Has AWT use the font; without effect once AWT has loaded its fonts. A user's choice stays. */
  static synchronized void install() {
    boolean needed = System.getProperty("os.name", "").startsWith("Linux");
    if (!needed || System.getProperty(PROPERTY) != null) {
      return;
    }
    try {
      System.setProperty(PROPERTY, unpack().toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the font for pictures: " + e.getMessage(), e);
    }
  }

  private static Path unpack() throws IOException {
    Path folder = Files.createTempDirectory("nn-font-");
    folder.toFile().deleteOnExit();
    Path font = temporary(folder.resolve(FONT));
    try (InputStream in = BundledFont.class.getResourceAsStream(FONT)) {
      if (in == null) {
        throw new IOException(FONT + " is missing from nn-examples; build the module again");
      }
      Files.copy(in, font);
    }
    Path configuration = temporary(folder.resolve("fontconfig.properties"));
    Files.write(configuration, describe(font));
    return configuration;
  }

  private static Path temporary(Path file) {
    file.toFile().deleteOnExit();
    return file;
  }

  /** Maps each of Java's logical fonts to the file: properties, in the format of Java. */
  private static List<String> describe(Path font) {
    List<String> lines = new ArrayList<>();
    lines.add("version=1");
    lines.add("sequence.allfonts=latin-1");
    lines.add("filename.DejaVu_Sans=" + escaped(font.toString()));
    for (String family : FAMILIES) {
      for (String style : STYLES) {
        lines.add(family + "." + style + ".latin-1=DejaVu Sans");
      }
    }
    return lines;
  }

  private static String escaped(String value) {
    return value
        .chars()
        .mapToObj(c -> c == '\\' || c > '~' ? "\\u%04x".formatted(c) : Character.toString(c))
        .collect(Collectors.joining());
  }
}
