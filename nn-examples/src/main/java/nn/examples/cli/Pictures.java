package nn.examples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The pictures of a run, drawn side by side on threads of their own, while the other files are
 * written: most of the time goes to the first use of AWT.
 */
final class Pictures implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Future<byte[]>> drawn = new LinkedHashMap<>();

  /** Begins to draw a picture, by the name of its file. */
  void draw(String name, Callable<byte[]> drawing) {
    drawn.put(name, threads.submit(drawing));
  }

  /** Takes a picture by its name. */
  @FunctionalInterface
  interface Sink {
    void take(String name, byte[] png) throws IOException;
  }

  /**
   * Waits for all and gives them away. One that cannot be drawn is left out, with a warning: a Java
   * without fonts or libraries for drawing throws errors as well as exceptions.
   */
  void take(Sink sink, PrintWriter warnings) throws IOException {
    threads.close();
    for (Map.Entry<String, Future<byte[]>> each : drawn.entrySet()) {
      Future<byte[]> picture = each.getValue();
      if (picture.state() == Future.State.SUCCESS) {
        sink.take(each.getKey(), picture.resultNow());
      } else {
        warnings.println(
            "warning: no %s, for it cannot be drawn: %s"
                .formatted(each.getKey(), picture.exceptionNow()));
      }
    }
  }

  /** Waits for all and writes them into a folder. */
  void write(Path folder, PrintWriter warnings) throws IOException {
    take((file, png) -> Files.write(folder.resolve(file), png), warnings);
  }

  @Override
  public void close() {
    threads.close();
  }
}
