package nn.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import nn.cpu.codegen.Cold;

/**
 * Has kernels compiled before they are used, by several threads while others are still being made:
 * a step that runs in the interpreter takes the processors away from the compiler.
 */
final class WarmUps {
  private static final Cold END =
      new Cold() {
        @Override
        public void warmUp() {}

        @Override
        public void warmUpMore() {}
      };

  private final BlockingQueue<Cold> waiting = new LinkedBlockingQueue<>();
  private final List<Cold> all = new ArrayList<>();

  /** Adds kernels; not after the end. */
  void add(List<Cold> cold) {
    all.addAll(cold);
    waiting.addAll(cold);
  }

  /** Says that there will be no more. */
  void end() {
    waiting.add(END);
  }

  /**
   * Has compiled what no other thread has begun, until there will be no more. Returns early if
   * interrupted.
   */
  void warmUp() {
    try {
      for (Cold next = waiting.take(); next != END; next = waiting.take()) {
        next.warmUp();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // they will be slow for a while, and right
    }
    end(); // for the next thread that looks
  }

  /** Asks for all of them to be compiled in any case, once there are no more. */
  void warmUpMore() {
    all.forEach(Cold::warmUpMore);
  }
}
