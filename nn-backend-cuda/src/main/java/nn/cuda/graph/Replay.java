package nn.cuda.graph;

import nn.cuda.driver.Graph;
import nn.cuda.driver.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A step as a graph, and many steps in a row as another: a graph costs the host as much to launch
 * whatever its size, and the card a pause at its end.
 */
public final class Replay implements AutoCloseable {
  private static final int MANY = 8;

  private final Stream stream;
  private final Runnable step;
  private final Graph single;
  private @Nullable Graph many;

  /**
   * Records a step.
   *
   * @param step gives the work of one step to the stream; must always give the same
   */
  public Replay(Stream stream, Runnable step) {
    this.stream = stream;
    this.step = step;
    this.single = stream.capture(step);
  }

  /** Gives so many steps to the stream. */
  public void run(int times) {
    int left = times;
    if (left >= 2 * MANY) {
      Graph graph = many();
      for (; left >= MANY; left -= MANY) {
        stream.launch(graph);
      }
    }
    for (; left > 0; left--) {
      stream.launch(single);
    }
  }

  private Graph many() {
    if (many == null) {
      many =
          stream.capture(() -> {
            for (int i = 0; i < MANY; i++) {
              step.run();
            }
          });
    }
    return many;
  }

  @Override
  public void close() {
    single.close();
    if (many != null) {
      many.close();
    }
  }
}
