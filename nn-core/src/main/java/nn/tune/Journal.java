package nn.tune;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nn.data.DataException;

/**
 * The finished trials of a search, on disk: one line of JSON each, written through as soon as it is
 * known. A process that is killed loses the trials that were running and nothing else; a line that
 * it left unfinished is dropped when the journal is opened again. Safe for use by several threads,
 * and locked against other processes.
 */
public final class Journal implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final List<Result> results = new ArrayList<>();

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens a journal; makes a new one if there is none.
   *
   * @param search what the trials depend on beside their own values: data, model, epochs... A
   *     journal of another search is refused.
   * @throws DataException if the journal is another search's, damaged, or in use
   */
  public static Journal open(Path file, String search) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Journal journal = new Journal(file, channel);
    try {
      journal.lock();
      journal.load(search);
      return journal;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void lock() throws IOException {
    boolean free;
    try {
      FileLock lock = channel.tryLock();
      free = lock != null;
    } catch (OverlappingFileLockException taken) {
      free = false;
    }
    if (!free) {
      throw new DataException(
          file + ": another search is writing to it; wait until that has ended");
    }
  }

  private void load(String search) throws IOException {
    String text = Files.readString(file);
    int end = text.lastIndexOf('\n') + 1;
    List<String> lines = text.substring(0, end).lines().toList();
    channel.truncate(text.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
    channel.position(channel.size());
    if (lines.isEmpty()) {
      append(JournalLine.header(search));
      return;
    }
    JournalLine.checkHeader(file, lines.getFirst(), search);
    for (int i = 1; i < lines.size(); i++) {
      try {
        results.add(JournalLine.parse(lines.get(i)));
      } catch (DataException e) {
        throw new DataException(
            "%s, line %d: %s; delete that line to have its trial run again"
                .formatted(file, i + 1, e.getMessage()),
            e);
      }
    }
  }

  /** The trials of a round that are done, in the order they ended. */
  public synchronized List<Result> results(String round) {
    return results.stream().filter(result -> result.trial().round().equals(round)).toList();
  }

  /**
   * What came of a trial, if it was run before.
   *
   * @throws DataException if a trial of that number was run with other values or another seed
   */
  synchronized Optional<Result> find(Trial trial) throws DataException {
    for (Result result : results(trial.round())) {
      if (result.trial().number() == trial.number()) {
        if (!result.trial().equals(trial)) {
          throw new DataException(
              "%s is the journal of a search with other ranges or another seed: it has %s, not %s"
                  .formatted(file, result.trial(), trial));
        }
        return Optional.of(result);
      }
    }
    return Optional.empty();
  }

  /** Adds a finished trial; it is on the disk when this returns. */
  synchronized void add(Result result) throws IOException {
    append(JournalLine.of(result));
    results.add(result);
  }

  private void append(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
