package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a server on the loopback device can let us down. */
class MirrorSourceTest {

  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private MirrorSource mirror;

  @BeforeEach
  void start() throws IOException {
    server = MiniFiles.server();
    server.setExecutor(threads);
    server.start();
    mirror = mirror(Duration.ofSeconds(20), Duration.ofSeconds(60));
  }

  private MirrorSource mirror(Duration patience, Duration limit) {
    URI base = URI.create("http://localhost:" + server.getAddress().getPort() + "/mnist/");
    return new MirrorSource(base, patience, limit);
  }

  private void makeImpatient(Duration limit) {
    mirror.close();
    mirror = mirror(Duration.ofSeconds(1), limit);
  }

  @AfterEach
  void stop() {
    end.countDown();
    mirror.close();
    server.stop(0);
    threads.shutdownNow();
  }

  /** Answers with {@code length} bytes as the head promises, but sends only {@code sent}. */
  private void serve(int status, long length, byte[] sent, long pauseMillis) {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, length);
          try {
            do {
              exchange.getResponseBody().write(sent);
              exchange.getResponseBody().flush();
            } while (pauseMillis > 0 && !end.await(pauseMillis, TimeUnit.MILLISECONDS));
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void refused(String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> mirror.read(MnistFile.TEST_LABELS))
        .withMessageStartingWith(mirror.name() + "t10k-labels-idx1-ubyte.gz: ")
        .withMessageContaining(message);
  }

  @Test
  void readsTheFileOfTheOfficialName() throws IOException {
    byte[] content = MiniFiles.gzip(MnistFile.TEST_LABELS);
    server.createContext(
        "/mnist/t10k-labels-idx1-ubyte.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    assertThat(mirror.read(MnistFile.TEST_LABELS).sha256())
        .isEqualTo(MnistFile.TEST_LABELS.miniSha256());
  }

  @Test
  void noSuchFile() {
    refused("status 404");
  }

  @Test
  void aPageInsteadOfTheFile() throws IOException {
    byte[] page = "<html>log in first</html>".getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    refused("not an IDX file");
  }

  @Test
  void nobodyListens() {
    server.stop(0);
    refused("cannot be reached");
  }

  @Test
  void hangsBeforeItAnswers() {
    makeImpatient(Duration.ofSeconds(60));
    server.createContext(
        "/",
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    refused("timed out");
  }

  @Test
  void hangsInTheMiddle() {
    makeImpatient(Duration.ofSeconds(60));
    serve(200, 1000, new byte[10], 0);
    refused("nothing came for 1000 ms");
  }

  @Test
  void drips() {
    makeImpatient(Duration.ofSeconds(1));
    serve(200, 1_000_000, new byte[1], 50);
    refused("not done after 1 s");
  }

  @Test
  void neverStops() {
    serve(200, 0, new byte[1 << 20], 1);
    refused("more than");
  }

  @Test
  void theLoaderKeepsNothingOfAMirrorThatLies(@TempDir Path folder) throws IOException {
    byte[] content = MiniFiles.gzip(MnistFile.TEST_LABELS);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    List<String> messages = new ArrayList<>();
    Path cache = folder.resolve("cache");
    Mnist mnist =
        new MnistLoader(cache, List.of(() -> mirror), MnistFile::sha256, messages::add).load();
    assertThat(mnist.name()).isEqualTo("mnist-mini");
    assertThat(messages).hasSize(3);
    assertThat(messages.get(1))
        .contains("train-images-idx3-ubyte is not that of MNIST")
        .contains(MnistFile.TRAIN_IMAGES.sha256())
        .contains(MnistFile.TEST_LABELS.miniSha256());
    assertThat(cache).doesNotExist();
  }
}
