package nn.cpu;

import java.util.ArrayList;
import java.util.List;
import nn.cpu.codegen.Cold;
import org.jspecify.annotations.Nullable;

/**
 * Has kernels compiled before they are used, by several threads while others are still being made:
 * a step that runs in the interpreter takes the processors away from the compiler.
 */
final class WarmUps {
  private final List<Cold> all = new ArrayList<>();
  private int begun;
  private boolean ended;

  /** Adds kernels; not after the end. */
  synchronized void add(List<Cold> cold) {
    all.addAll(cold);
    notifyAll();
  }

  /** Says that there will be no more. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Says that none is needed any more. */
  synchronized void abandon() {
    begun = all.size();
    end();
  }

  /**
   * Has compiled what no other thread has begun, until there will be no more. Returns early if
   * interrupted.
   */
  void warmUp() {
    for (Cold next = next(); next != null; next = next()) {
      next.warmUp();
    }
  }

  private synchronized @Nullable Cold next() {
    try {
      while (begun == all.size() && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // they will be slow for a while, and right
      return null;
    }
    return begun < all.size() ? all.get(begun++) : null;
  }

  /** Asks for all of them to be compiled in any case, once there are no more. */
  void warmUpMore() {
    all.forEach(Cold::warmUpMore);
  }
}
