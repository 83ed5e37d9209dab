package nn.cpu.thread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A number that one thread sets and one other waits for. Everything written before a set is visible
 * after the wait.
 *
 * <p>The wait spins, then yields, then sleeps. Its limits are a compromise: the pauses within a
 * training step are a few microseconds, waking a sleeper costs tens.
 */
final class Signal {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int SPINS_BETWEEN_CLOCKS = 32;
  private static final long SPIN_NANOS = 20_000;
  private static final long AWAKE_NANOS = 100_000;

  /**
   * Only the middle is used: no other datum shares its cache line, nor the line prefetched with it.
   */
  private final int[] padded = new int[64];

  private final long spinNanos;
  private volatile @Nullable Thread sleeper;

  /**
   * A signal of value 0.
   *
   * @param crowded whether threads outnumber processors, so that who spins may keep away whom he
   *     waits for
   */
  Signal(boolean crowded) {
    this.spinNanos = crowded ? 0 : SPIN_NANOS;
  }

  void set(int value) {
    CELL.setVolatile(padded, 32, value);
    Thread waiting = sleeper;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  private int get() {
    return (int) CELL.getVolatile(padded, 32);
  }

  /** Waits until the value is this one, which is set next. */
  void await(int value) {
    int seen = get();
    while (seen != value) {
      seen = awaitChange(seen);
    }
  }

  /** Waits until the value is another than the last one seen, and returns it. */
  int awaitChange(int last) {
    for (int i = 0; i < SPINS_BETWEEN_CLOCKS; i++) {
      int value = get();
      if (value != last) {
        return value;
      }
      Thread.onSpinWait();
    }
    return awaitLonger(last);
  }

  /** Yielding is for the case that the one waited for has no processor. */
  @SuppressWarnings("ThreadPriorityCheck")
  private int awaitLonger(int last) {
    long start = System.nanoTime();
    for (int i = 1; get() == last; i++) {
      Thread.onSpinWait();
      if (i % SPINS_BETWEEN_CLOCKS == 0) {
        long waited = System.nanoTime() - start;
        if (waited > AWAKE_NANOS) {
          return sleep(last);
        }
        if (waited > spinNanos) {
          Thread.yield();
        }
      }
    }
    return get();
  }

  private int sleep(int last) {
    sleeper = Thread.currentThread();
    while (get() == last) {
      LockSupport.park(this);
    }
    sleeper = null;
    return get();
  }
}
