package nn.bench;

import java.io.IOException;
import java.util.List;

/** Draws figures. What measures needs no library for pictures: it is handed one of these. */
@FunctionalInterface
public interface Drawing {
  /** The figures below one another, as the content of a PNG file; at least one. */
  byte[] draw(List<Figure> figures) throws IOException;
}
