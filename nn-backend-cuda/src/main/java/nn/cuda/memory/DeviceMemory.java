package nn.cuda.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import nn.backend.DType;
import nn.backend.OutOfDeviceMemoryException;
import nn.cuda.driver.CudaException;
import nn.cuda.driver.Gpu;
import nn.cuda.driver.Stream;

/**
 * Memory of the card in blocks of few sizes. A block that is given back waits for the next buffer
 * of its size, since the card takes long to allocate; only when there is no room do waiting blocks
 * return to the card. All work is on one stream, so a block can be used again at once: what comes
 * later on the stream runs later.
 */
public final class DeviceMemory implements AutoCloseable {
  private static final long SMALLEST = 512;
  private static final long LARGE = 64L << 20;
  private static final long LARGE_STEP = 2L << 20;

  private final Gpu gpu;
  private final Stream stream;
  private final Map<Long, Deque<Long>> waiting = new HashMap<>();
  private final Map<Long, Long> used = new HashMap<>();
  private long usedBytes;
  private long waitingBytes;
  private boolean closed;

  public DeviceMemory(Gpu gpu, Stream stream) {
    this.gpu = gpu;
    this.stream = stream;
  }

  /**
   * New elements, whatever they hold.
   *
   * @throws OutOfDeviceMemoryException if there is no room
   */
  public CudaBuffer allocate(DType type, int length) {
    long bytes = (long) length * type.bytes();
    long address = length == 0 ? 0 : take(bytes, "%,d elements of %s".formatted(length, type));
    return new CudaBuffer(this, type, length, address);
  }

  /** New elements, all of them zero. */
  public CudaBuffer allocateZeroed(DType type, int length) {
    CudaBuffer buffer = allocate(type, length);
    if (length > 0) {
      stream.clear(buffer.address(), buffer.bytes());
    }
    return buffer;
  }

  /** Gives a buffer back; a second time does nothing. */
  public void free(CudaBuffer buffer) {
    if (!closed && buffer.isLive(this)) {
      buffer.markFreed();
      if (buffer.length() > 0) {
        giveBack(buffer.address());
      }
    }
  }

  private long take(long bytes, String what) {
    long size = rounded(bytes);
    Deque<Long> fitting = waiting.get(size);
    long address;
    if (fitting != null && !fitting.isEmpty()) {
      address = fitting.pop();
      waitingBytes -= size;
    } else {
      address = fresh(size, what);
    }
    used.put(address, size);
    usedBytes += size;
    return address;
  }

  private void giveBack(long address) {
    Long size = used.remove(address);
    if (size != null) {
      usedBytes -= size;
      waitingBytes += size;
      waiting.computeIfAbsent(size, s -> new ArrayDeque<>()).push(address);
    }
  }

  private long fresh(long size, String what) {
    try {
      return gpu.allocate(size);
    } catch (CudaException full) {
      if (!full.isOutOfMemory()) {
        throw full;
      }
    }
    trim();
    try {
      return gpu.allocate(size);
    } catch (CudaException full) {
      throw full.isOutOfMemory() ? outOfMemory(size, what) : full;
    }
  }

  private OutOfDeviceMemoryException outOfMemory(long size, String what) {
    return new OutOfDeviceMemoryException(
        ("no room on %s for %s (%s): nn holds %s in %d buffers, %s of %s are free. Take a smaller batch or"
                + " model, or end other programs that use the card")
            .formatted(
                gpu.card().name(),
                what,
                mebibytes(size),
                mebibytes(usedBytes),
                used.size(),
                mebibytes(gpu.freeBytes()),
                mebibytes(gpu.card().memoryBytes())));
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MiB", bytes / (double) (1 << 20));
  }

  /** Gives all waiting blocks back to the card. */
  private void trim() {
    stream.synchronize();
    waiting.values().forEach(blocks -> blocks.forEach(gpu::free));
    waiting.clear();
    waitingBytes = 0;
  }

  /**
   * At most a quarter more than asked: four sizes between a power of two and the next, and steps of
   * {@value #LARGE_STEP} bytes where that is less.
   */
  static long rounded(long bytes) {
    long step = bytes > LARGE ? LARGE_STEP : Math.max(SMALLEST, Long.highestOneBit(bytes - 1) / 4);
    return Math.ceilDiv(bytes, step) * step;
  }

  /** Bytes in buffers that were not given back. */
  public long usedBytes() {
    return usedBytes;
  }

  /** Bytes held for buffers to come. */
  public long waitingBytes() {
    return waitingBytes;
  }

  /** Gives everything back to the card, used or not. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      waiting.values().forEach(blocks -> blocks.forEach(this::release));
      used.keySet().forEach(this::release);
      waiting.clear();
      used.clear();
    }
  }

  /**
   * After a failure of the card nothing can be given back any more, and nobody is helped by that.
   */
  private void release(long address) {
    try {
      gpu.free(address);
    } catch (CudaException lost) {
      System.getLogger(DeviceMemory.class.getName())
          .log(System.Logger.Level.DEBUG, "memory of the card is left to the driver", lost);
    }
  }
}
