package nn.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProgramTest {
  private static final Expr X = Expr.input(0);
  private static final Expr Y = Expr.input(1);

  @Test
  void computesSharedPartsOnce() {
    Expr sum = X.add(Y);
    Program program = Program.of(sum.mul(sum), X.add(Y).exp());
    assertThat(program.operationCount()).isEqualTo(3);
    assertThat(program.steps()).hasSize(5).doesNotHaveDuplicates();
    assertThat(program.inputCount()).isEqualTo(2);
  }

  @Test
  void ordersStepsAfterTheirArguments() {
    RandomMirrors mirrors = new RandomMirrors(3);
    for (int i = 0; i < 500; i++) {
      List<Program.Step> steps = Program.of(mirrors.expression(Type.FLOAT, 6).built()).steps();
      assertThat(new HashSet<>(steps)).hasSameSizeAs(steps);
      for (int s = 0; s < steps.size(); s++) {
        if (steps.get(s) instanceof Program.Operation(Op op, Type type, List<Integer> arguments)) {
          int number = s;
          assertThat(arguments).allMatch(a -> a < number).hasSize(op.arity());
        }
      }
    }
  }

  @Test
  void equalsWhatIsBuiltAlike() {
    for (int seed = 0; seed < 200; seed++) {
      Expr one = new RandomMirrors(seed).expression(Type.FLOAT, 6).built();
      Expr same = new RandomMirrors(seed).expression(Type.FLOAT, 6).built();
      assertThat(same).isEqualTo(one).hasSameHashCodeAs(one);
      assertThat(Program.of(same)).isEqualTo(Program.of(one)).hasSameHashCodeAs(Program.of(one));
    }
    assertThat(Program.of(X.add(Y))).isNotEqualTo(Program.of(Y.add(X)));
    assertThat(Program.of(X, Y)).isNotEqualTo(Program.of(Y, X));
    assertThat(X.add(Y)).isNotEqualTo(X.sub(Y));
  }

  @Test
  void countsTheInputsItNeeds() {
    assertThat(Program.of(Expr.ONE).inputCount()).isZero();
    assertThat(Program.of(Expr.input(4)).inputCount()).isEqualTo(5);
    assertThat(Program.of(X.toInt(), Y).outputType(0)).isEqualTo(Type.INT);
  }

  @Test
  void refusesTruthValues() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Program.of(X.lt(Y)))
        .withMessageContaining("truth value");
  }

  @Test
  void refusesArgumentsOfTheWrongType() {
    assertThatIllegalArgumentException().isThrownBy(() -> X.add(Expr.integer(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> X.and(Y));
    assertThatIllegalArgumentException().isThrownBy(() -> Expr.integer(1).exp());
    assertThatIllegalArgumentException().isThrownBy(() -> Expr.select(X, X, Y));
    assertThatIllegalArgumentException().isThrownBy(() -> Expr.apply(Op.NEG, X, Y));
    assertThatIllegalArgumentException().isThrownBy(() -> new Expr.Constant(0.5, Type.INT));
    assertThatIllegalArgumentException().isThrownBy(() -> Expr.input(-1));
  }

  private static Expr tower(int levels) {
    Expr top = X;
    for (int i = 0; i < levels; i++) {
      top = top.mul(top).add(Y.max(top)).sub(top.tanh());
    }
    return top;
  }

  /** As a tree it has 4^200 leaves, so whatever walks it as one does not come back. */
  @Test
  @Timeout(20)
  void staysSmallWherePartsAreShared() {
    Expr one = tower(200);
    Expr same = tower(200);
    assertThat(one.equals(same)).isTrue();
    assertThat(one.hashCode()).isEqualTo(same.hashCode());
    assertThat(one.equals(tower(199).mul(2))).isFalse();
    assertThat(Program.of(one).equals(Program.of(same))).isTrue();
    assertThat(Program.of(one).operationCount()).isEqualTo(200 * 5);
    assertThat(one.toString()).hasSizeLessThan(3000);
    Expr slope = one.derivative(X);
    assertThat(Program.of(slope).operationCount()).isLessThan(200 * 25);
    Expr replaced = one.replace(part -> part.equals(X) ? Expr.input(2) : null);
    assertThat(Program.of(replaced).operationCount()).isEqualTo(200 * 5);
    assertThat(Expr.select(X.lt(Y), one, same)).isSameAs(one);
  }

  @Test
  void deepExpressionsFitTheStack() {
    Program deep = Program.of(tower(5000));
    assertThat(deep.operationCount()).isEqualTo(5000 * 5);
    assertThat(deep.equals(Program.of(tower(5000)))).isTrue();
  }
}
