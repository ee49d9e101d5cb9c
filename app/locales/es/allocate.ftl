# The ballot.

allocate-title-error = Error: { $title }
allocate-description = { $title }: reparta el { $whole } entre { $areas } áreas y después vea su reparto junto al de todos.
allocate-question = ¿A qué deberían destinarse sus impuestos?
allocate-lede = Reparta el { $whole } entre { $areas } áreas. Después podrá ver su reparto junto al de todos.
allocate-actual = La marca de cada línea es lo que se gastó realmente en { $year }. Fuente: { $source }.
allocate-welcome =
    { $number ->
        [one] Le damos la bienvenida de nuevo. Tiene <history>1 envío</history>; uno nuevo para este presupuesto sustituye al que cuenta.
       *[other] Le damos la bienvenida de nuevo. Tiene <history>{ $number } envíos</history>; uno nuevo para este presupuesto sustituye al que cuenta.
    }
allocate-closed = Este presupuesto está cerrado
allocate-closed-about = Ya no admite envíos. Puede <everyone>ver lo que dijo la gente</everyone> o <budgets>elegir otro presupuesto</budgets>.

allocate-unscripted = Dé a cada área un porcentaje, con dos decimales como máximo, de modo que todas juntas sumen exactamente 100. El total se comprueba al enviar.
allocate-together = Todas las áreas juntas: exactamente el { $whole }.
allocate-remember = Recordarme en este dispositivo, con una sola cookie y sin nombre, para que un reparto nuevo sustituya a este y pueda volver a encontrar los míos.
allocate-alone = Sin ella, este reparto es independiente.
allocate-submit = Enviar

allocate-presets = Empezar con
allocate-even = A partes iguales
allocate-last = Mi último reparto
allocate-clear = Vaciar
allocate-undo = Deshacer
allocate-redo = Rehacer
allocate-auto = Equilibrio automático
allocate-show-actual = Mostrar el gasto real

# The shares in money.
tax-show = Ver las partes en dinero
tax-label = Mis impuestos al año
tax-wrong = Escriba una cantidad, por ejemplo { $example }.
tax-about = Las cantidades son solo para usted: lo que escriba se queda en este dispositivo y nunca se envía.

# After the name of an area: what its field is for.
allocate-unit = , porcentaje
allocate-row-actual = Real: { $share }
allocate-less = Menos para { $name }
allocate-more = Más para { $name }
allocate-lock = Bloquear { $name }

# What the page says while it is used. The browser fills in $left, $share and so on, in this order: name, share, left.
allocate-left = Por repartir: { $left }
allocate-complete = Repartido todo: { $whole }
allocate-go-on = Mueva un control, use − y +, o escriba un número.
allocate-ready = Listo. Todavía puede cambiarlo.
allocate-value = { $name }, { $share } por ciento, { $left } por repartir
# A button follows:
say-nothing-left = No queda nada. Quite de otra área o
allocate-turn-on = active el equilibrio automático
say-locked = Esta área está bloqueada. Desbloquéela para cambiarla.
say-others-locked = Las demás áreas están bloqueadas y no pueden dejar sitio.
say-unreadable = No es un número de 0 a 100 con dos decimales como máximo.
say-mend = { $name }: este número no se puede leer. Corríjalo para enviar.
say-sending = Enviando…
say-closed = Este presupuesto se ha cerrado y ya no admite envíos.
say-failed = Se ha producido un error por nuestra parte. Vuelva a enviar: contará una sola vez.
say-old = Esta página lleva demasiado tiempo abierta. Vuelva a cargarla y envíe: su reparto se conserva.

# Why a form was not taken.
allocate-not-whole = Su reparto todavía no suma el { $whole }
refused-old = Este formulario llevaba demasiado tiempo abierto
refused-old-about = Aquí lo tiene de nuevo con sus números. Vuelva a enviarlo.
refused-unreadable = Algunos números no se pueden leer
refused-unreadable-about = Cada parte es un número de 0 a 100 con dos decimales como máximo.
refused-sent = Este formulario ya se había enviado
refused-sent-about = Si también quiere enviar estos números, vuelva a enviar.
refused-limit = Demasiados envíos desde aquí
refused-limit-about = Vuelva a intentarlo dentro de unos { $minutes } min. Sus números siguen abajo.
refused-again = Sus números siguen abajo. Vuelva a enviar dentro de un momento: contará una sola vez.

# What is wrong with the share of an area, without a full stop.
wrong-empty = { $name }: falta un número
wrong-number = { $name }: debe ser un número, por ejemplo { $example }
wrong-sign = { $name }: no puede ser negativo
wrong-decimals = { $name }: puede tener dos decimales como máximo
wrong-range = { $name }: debe estar entre 0 y 100
wrong-too-little = Las áreas suman un { $sum }: queda por repartir un { $left }.
wrong-too-much = Las áreas suman un { $sum }: quite un { $over }.
