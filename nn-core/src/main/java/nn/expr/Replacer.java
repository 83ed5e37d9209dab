package nn.expr;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rebuilds expressions with parts replaced; visits each shared part once. */
final class Replacer {
  private final Function<Expr, @Nullable Expr> replacement;
  private final Map<Expr, Expr> done = new IdentityHashMap<>();

  Replacer(Function<Expr, @Nullable Expr> replacement) {
    this.replacement = replacement;
  }

  Expr of(Expr expr) {
    Expr known = done.get(expr);
    if (known == null) {
      known = compute(expr);
      done.put(expr, known);
    }
    return known;
  }

  private Expr compute(Expr expr) {
    Expr replaced = replacement.apply(expr);
    if (replaced != null) {
      return replaced;
    }
    if (!(expr instanceof Expr.Apply apply)) {
      return expr;
    }
    Expr[] arguments = new Expr[apply.arguments().size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = of(apply.arguments().get(i));
    }
    return Expr.apply(apply.op(), arguments);
  }
}
