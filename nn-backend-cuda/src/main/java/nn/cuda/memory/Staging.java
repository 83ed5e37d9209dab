package nn.cuda.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import nn.cuda.driver.Event;
import nn.cuda.driver.PinnedMemory;
import nn.cuda.driver.Stream;

/**
 * The way between the host and the card, in pieces through pinned memory: any memory of the host
 * can be copied, and none but our own is pinned. Two pieces take turns, so that the card copies one
 * while the host fills the other.
 */
public final class Staging implements AutoCloseable {
  private static final long PIECE = 4L << 20;
  private static final int SLOTS = 2;

  private final Stream stream;
  private final List<Slot> slots = new ArrayList<>();
  private int turns;

  /** A piece and the end of its last use. */
  private record Slot(PinnedMemory memory, Event done) implements AutoCloseable {

    static Slot open() {
      PinnedMemory memory = new PinnedMemory(PIECE);
      try {
        return new Slot(memory, new Event());
      } catch (RuntimeException failed) {
        memory.close();
        throw failed;
      }
    }

    @Override
    public void close() {
      done.close();
      memory.close();
    }
  }

  public Staging(Stream stream) {
    this.stream = stream;
  }

  /** The piece whose turn it is, once its last use is over. */
  private Slot next() {
    int turn = turns++ % SLOTS;
    if (turn == slots.size()) {
      slots.add(Slot.open());
    }
    slots.get(turn).done.await();
    return slots.get(turn);
  }

  /** Copies to the card; the source can be changed when this returns. */
  public void upload(long target, MemorySegment source) {
    for (long at = 0; at < source.byteSize(); at += PIECE) {
      long bytes = Math.min(PIECE, source.byteSize() - at);
      Slot slot = next();
      MemorySegment.copy(source, at, slot.memory.segment(), 0, bytes);
      stream.upload(target + at, slot.memory, bytes);
      slot.done.record(stream);
    }
  }

  /** Copies to the host, after all work given to the stream before. */
  public void download(long source, MemorySegment target) {
    for (long at = 0; at < target.byteSize(); at += PIECE) {
      long bytes = Math.min(PIECE, target.byteSize() - at);
      Slot slot = next();
      stream.download(slot.memory, source + at, bytes);
      stream.synchronize();
      MemorySegment.copy(slot.memory.segment(), 0, target, at, bytes);
    }
  }

  @Override
  public void close() {
    slots.forEach(Slot::close);
  }
}
