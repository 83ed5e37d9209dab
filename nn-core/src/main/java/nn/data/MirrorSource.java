package nn.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A folder on the web with the four files as {@code .gz}. Gives up when connecting, the answer's
 * head, or the next byte takes longer than {@code patience}, or a file longer than {@code limit}.
 */
final class MirrorSource implements MnistSource {

  /** The longest packed file has 9.9 MB; a server that sends much more sends something else. */
  private static final int MAX_BYTES = 32 << 20;

  private final URI base;
  private final Duration patience;
  private final Duration limit;
  private final HttpClient client;

  MirrorSource(URI base, Duration patience, Duration limit) {
    this.base = base;
    this.patience = patience;
    this.limit = limit;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  @Override
  public String name() {
    return base.toString();
  }

  @Override
  public Idx read(MnistFile file) throws DataException {
    URI uri = base.resolve(file.fileName() + ".gz");
    return Idx.read(new ByteArrayInputStream(download(uri)), uri.toString());
  }

  private byte[] download(URI uri) throws DataException {
    Download download = new Download();
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(patience).build();
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, BodyHandlers.ofByteArrayConsumer(download));
    try {
      int status = await(answer, download, uri).statusCode();
      if (status != 200) {
        throw new DataException(uri + ": the server answers with status " + status);
      }
      return download.bytes();
    } catch (ExecutionException e) {
      throw new DataException(uri + ": " + reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(uri + ": interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  /** The client's own timeouts end with the answer's head, so the body is watched here. */
  private HttpResponse<Void> await(
      CompletableFuture<HttpResponse<Void>> answer, Download download, URI uri)
      throws InterruptedException, ExecutionException, DataException {
    long end = System.nanoTime() + limit.toNanos();
    long wait = 2 * patience.toNanos();
    int before = 0;
    while (true) {
      try {
        return answer.get(wait, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        int now = download.size();
        if (now == before) {
          throw new DataException(uri + ": nothing came for " + patience.toMillis() + " ms", e);
        }
        if (System.nanoTime() > end) {
          throw new DataException(uri + ": not done after " + limit.toSeconds() + " s", e);
        }
        before = now;
        wait = patience.toNanos();
      }
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String message = cause.getMessage();
    if (message != null) {
      return message;
    }
    return cause instanceof ConnectException
        ? "the server cannot be reached; is this machine online?"
        : cause.toString();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** Collects a body. */
  private static final class Download implements Consumer<Optional<byte[]>> {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void accept(Optional<byte[]> part) {
      part.ifPresent(bytes::writeBytes);
      if (bytes.size() > MAX_BYTES) {
        throw new IllegalStateException("sends more than " + MAX_BYTES + " bytes");
      }
    }

    int size() {
      return bytes.size();
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
