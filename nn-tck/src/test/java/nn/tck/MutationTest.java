package nn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Combiner;
import nn.backend.Command;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Transfer;
import nn.expr.Expr;
import nn.expr.Op;
import nn.expr.Program;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Faults that backends have had or might have: the kit notices each. */
class MutationTest {

  /**
   * @param name what is wrong
   * @param verb where the kit has to notice
   * @param backend makes the faulty backend
   */
  private record Fault(String name, Verb verb, Supplier<Mutant> backend) {
    void isNoticed() {
      try (Mutant mutant = backend.get()) {
        boolean noticed =
            Conformance.cases().stream()
                .filter(c -> c.verb() == verb)
                .map(c -> Conformance.attempt(c, mutant))
                .anyMatch(o -> o.status() == Outcome.Status.FAILED);
        assertThat(noticed).as("the kit notices: " + name).isTrue();
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> faultsAreNoticed() {
    return Stream.of(operations(), operands(), maps(), reductions(), products(), others())
        .flatMap(List::stream)
        .map(fault -> DynamicTest.dynamicTest(fault.name(), fault::isNoticed));
  }

  /** So that it is the faults that are noticed, and not how they are put in. */
  @Test
  void withoutAFaultThereIsNothingToNotice() {
    try (Mutant faultless = new Mutant()) {
      List<Case> cases =
          Conformance.cases().stream().filter(c -> c.verb() != Verb.DETERMINISM).toList();
      Report report = Conformance.verify(faultless, cases, result -> {});
      assertThat(report.passed()).as(report.toString()).isTrue();
    }
  }

  private interface Rule {
    Expr of(Expr self, Expr first, Expr last);
  }

  private static Fault operation(String name, Op op, Rule rule) {
    UnaryOperator<Expr> fault =
        e -> {
          List<Expr> arguments = ((Expr.Apply) e).arguments();
          return rule.of(e, arguments.getFirst(), arguments.getLast());
        };
    return new Fault(name, Verb.ELEMENTWISE, () -> Mutant.replacing(op, fault));
  }

  private static List<Fault> operations() {
    return List.of(
        operation("max loses NaN", Op.MAX, (e, a, b) -> Expr.select(a.gt(b), a, b)),
        operation("min loses NaN", Op.MIN, (e, a, b) -> Expr.select(b.lt(a), b, a)),
        operation("exp is 9 units off", Op.EXP, (e, a, b) -> e.mul(1 + 9 * 0x1p-23)),
        operation("tanh is a polynomial", Op.TANH, (e, a, b) -> a.sub(a.square().mul(a).mul(0.3))),
        operation("sigmoid overflows", Op.SIGMOID, (e, a, b) -> a.exp().div(a.exp().add(1))),
        operation("log of a subnormal", Op.LOG, (e, a, b) -> a.max(Expr.constant(1e-38)).log()),
        operation("division is two units off", Op.DIV, (e, a, b) -> e.mul(1 + 0x1p-22)),
        operation(
            "conversion does not saturate",
            Op.TO_INT,
            (e, a, b) -> a.mul(0.5).toInt().add(a.mul(0.5).toInt())),
        operation("comparison with NaN", Op.LE, (e, a, b) -> b.lt(a).not()),
        operation("shift is not modulo 32", Op.SHL, (e, a, b) -> ifSmall(b, e)),
        operation(
            "shift keeps the sign",
            Op.USHR,
            (e, a, b) -> Expr.select(a.lt(Expr.integer(0)), e.neg(), e)),
        operation(
            "floor truncates",
            Op.FLOOR,
            (e, a, b) -> Expr.select(a.lt(Expr.ZERO), a.neg().floor().neg(), e)));
  }

  private static Expr ifSmall(Expr distance, Expr shifted) {
    return Expr.select(distance.lt(Expr.integer(32)), shifted, Expr.integer(0));
  }

  private static List<Fault> operands() {
    UnaryOperator<Operand> still = o -> new Operand(o.buffer(), o.layout(), o.rows(), null);
    UnaryOperator<Operand> ungathered = o -> new Operand(o.buffer(), o.layout(), null, o.cursor());
    UnaryOperator<Operand> fromStart = o -> o.with(o.layout().at(0));
    UnaryOperator<Operand> dense =
        o -> {
          boolean fits = o.shape().size() <= o.buffer().length() && o.isPlain();
          return fits ? o.with(Layout.contiguous(o.shape(), 0)) : o;
        };
    return List.of(
        new Fault("cursors stand still", Verb.ELEMENTWISE, () -> Mutant.reading(still)),
        new Fault("cursors stand still in plans", Verb.PLAN, () -> Mutant.reading(still)),
        new Fault(
            "gathers read the first rows", Verb.ELEMENTWISE, () -> Mutant.reading(ungathered)),
        new Fault("gathers reduce the first rows", Verb.REDUCE, () -> Mutant.reading(ungathered)),
        new Fault("offsets are forgotten", Verb.GEMM, () -> Mutant.reading(fromStart)),
        new Fault("strides are ignored", Verb.ELEMENTWISE, () -> Mutant.reading(dense)),
        new Fault("strides are ignored in reductions", Verb.REDUCE, () -> Mutant.reading(dense)),
        new Fault("strides are ignored in gemm", Verb.GEMM, () -> Mutant.reading(dense)));
  }

  private static List<Fault> maps() {
    return List.of(
        new Fault("the tail's last element is lost", Verb.ELEMENTWISE, LosesTail::new),
        new Fault("one element too many is written", Verb.ELEMENTWISE, WritesBeyond::new),
        new Fault("outputs are written one by one", Verb.ELEMENTWISE, OneByOne::new));
  }

  private static final class LosesTail extends Mutant {
    @Override
    public void elementwise(Elementwise e) {
      boolean loses = e.shape().size() % 4 == 3;
      int last = e.outputs().getFirst().layout().end() - 1;
      Buffer output = e.outputs().getFirst().buffer();
      double before = loses ? Transfer.read(this, output)[last] : 0;
      super.elementwise(e);
      if (loses) {
        poke(output, last, before);
      }
    }
  }

  private static final class WritesBeyond extends Mutant {
    @Override
    public void elementwise(Elementwise e) {
      super.elementwise(e);
      Operand output = e.outputs().getFirst();
      if (output.layout().end() < output.buffer().length()) {
        poke(output.buffer(), output.layout().end(), 0);
      }
    }
  }

  private static final class OneByOne extends Mutant {
    @Override
    public void elementwise(Elementwise e) {
      for (int i = 0; i < e.outputs().size(); i++) {
        Program one = Program.of(e.program().expressions().get(i));
        super.elementwise(new Elementwise(e.shape(), one, e.inputs(), List.of(e.outputs().get(i))));
      }
    }
  }

  private static List<Fault> reductions() {
    Expr x = Expr.input(0);
    Expr rising = Expr.position().toFloat().mul(1e-12);
    return List.of(
        reduction("argmax takes the last of several", Combiner.ARGMAX, e -> e.add(rising)),
        reduction("argmax ignores NaN", Combiner.ARGMAX, MutationTest::withoutNaN),
        reduction("max ignores NaN", Combiner.MAX, MutationTest::withoutNaN),
        reduction("max starts at 0", Combiner.MAX, e -> e.max(Expr.ZERO)),
        reduction("sums lose digits", Combiner.SUM, e -> e.mul(1 + 1e-5)),
        reduction("one row is summed alone", Combiner.SUM, e -> e.sub(x.mul(0.001))),
        new Fault("the last stage is left out", Verb.CHAIN, LosesStage::new));
  }

  private static Expr withoutNaN(Expr e) {
    return Expr.select(e.eq(e), e, Expr.constant(Double.NEGATIVE_INFINITY));
  }

  private static Fault reduction(String name, Combiner combiner, UnaryOperator<Expr> fault) {
    return new Fault(name, Verb.REDUCE, () -> new Combines(combiner, fault));
  }

  private static final class Combines extends Mutant {
    private final Combiner combiner;
    private final UnaryOperator<Expr> fault;

    Combines(Combiner combiner, UnaryOperator<Expr> fault) {
      this.combiner = combiner;
      this.fault = fault;
    }

    @Override
    public void reduce(Reduce r) {
      List<Expr> mapped = new ArrayList<>(r.program().expressions());
      for (int i = 0; i < mapped.size(); i++) {
        if (r.combiners().get(i) == combiner) {
          mapped.set(i, fault.apply(mapped.get(i)));
        }
      }
      super.reduce(
          new Reduce(
              r.shape(), Program.of(mapped), r.combiners(), r.axes(), r.inputs(), r.outputs()));
    }
  }

  private static final class LosesStage extends Mutant {
    @Override
    public void chain(Chain chain) {
      chain.stages().subList(0, chain.stages().size() - 1).forEach(this::run);
    }
  }

  private static List<Fault> products() {
    return List.of(
        new Fault("products are a little off", Verb.GEMM, () -> new Multiplies(1 + 2e-5, 0)),
        new Fault("the last of an odd K is lost", Verb.GEMM, () -> new Multiplies(1, 1)),
        new Fault("bits change when warm", Verb.DETERMINISM, ChangesBits::new));
  }

  private static final class Multiplies extends Mutant {
    private final double factor;
    private final int lost;

    Multiplies(double factor, int lost) {
      this.factor = factor;
      this.lost = lost;
    }

    @Override
    public void gemm(Gemm g) {
      int k = g.k() % 2 == 1 ? g.k() - lost : g.k();
      Operand a = g.a().with(g.a().layout().slice(1, 0, k));
      Operand b = g.b().with(g.b().layout().slice(0, 0, k));
      super.gemm(new Gemm(a, b, scaled(g.epilogue(), factor), g.extras(), g.outputs()));
    }
  }

  private static Program scaled(Program program, double factor) {
    Expr first = Expr.input(0);
    return Program.of(
        program.expressions().stream()
            .map(e -> e.replace(part -> part.equals(first) ? first.mul(factor) : null))
            .toList());
  }

  private static final class ChangesBits extends Mutant {
    private int calls;

    @Override
    public void elementwise(Elementwise e) {
      boolean warm = calls++ > 1000;
      Program program = scaled(e.program(), warm ? 1 + 1e-6 : 1);
      super.elementwise(new Elementwise(e.shape(), program, e.inputs(), e.outputs()));
    }
  }

  private static List<Fault> others() {
    return List.of(
        new Fault("a list is run once too often", Verb.PLAN, RunsTooOften::new),
        new Fault("time is told in another unit", Verb.PLAN, () -> new OtherUnit(1000)),
        new Fault("no time passes", Verb.PLAN, () -> new OtherUnit(0)),
        new Fault("memory is not cleared", Verb.MEMORY, Dirty::new),
        new Fault("offsets of reads are ignored", Verb.MEMORY, ReadsFromStart::new),
        new Fault("a derivative's select is inverted", Verb.GRADIENT, MutationTest::inverted));
  }

  private static Mutant inverted() {
    return Mutant.replacing(
        Op.SELECT,
        e -> {
          List<Expr> a = ((Expr.Apply) e).arguments();
          return Expr.select(a.getFirst(), a.getLast(), a.get(1));
        });
  }

  private static final class RunsTooOften extends Mutant {
    @Override
    public Executable compile(List<Command> commands) {
      Executable right = super.compile(commands);
      return new Executable() {
        @Override
        public void run(int times) {
          right.run(times + 1);
        }

        @Override
        public void close() {
          right.close();
        }
      };
    }
  }

  private static final class OtherUnit extends Mutant {
    private final long factor;

    OtherUnit(long factor) {
      this.factor = factor;
    }

    @Override
    public long time(Runnable work) {
      return factor * super.time(work);
    }
  }

  private static final class Dirty extends Mutant {
    @Override
    public Buffer allocate(DType type, int length) {
      Buffer buffer = super.allocate(type, length);
      if (length > 0) {
        poke(buffer, length - 1, 1);
      }
      return buffer;
    }
  }

  private static final class ReadsFromStart extends Mutant {
    @Override
    public void read(Buffer source, int offset, MemorySegment target) {
      super.read(source, 0, target);
    }
  }
}
