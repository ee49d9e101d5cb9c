# What everyone said about one budget.

aggregate-title = Lo que dijo la gente: { $title }
aggregate-description = { $title }: la media, la mediana y la dispersión de los repartos de todos, área por área.
aggregate-lede = Reparto medio de { $people }; datos del { $moment }.
aggregate-nobody = Nadie envió un reparto
aggregate-closed = Este presupuesto está cerrado y ya no admite envíos.
aggregate-empty = Nadie ha enviado todavía un reparto
aggregate-empty-about = El primero se mostrará aquí de inmediato.
aggregate-be-first = Sea la primera persona
aggregate-add = Añadir su reparto
aggregate-median = Mediana: la mitad dio menos
aggregate-middle = La mitad central de las personas
aggregate-caution = Todas estas personas decidieron participar, así que no es una encuesta representativa. <method>Cómo se cuenta</method>.
aggregate-caption = Parte del presupuesto que dieron las personas. Una cuarta parte dio menos que el cuartil inferior.
mean = Media
median = Mediana
lower-quartile = Cuartil inferior
upper-quartile = Cuartil superior
# What is marked is for screen readers only.
distribution = Distribución<hush> de { $name }</hush>
distribution-most = { $name }: el { $share } de las personas dio entre { $from } y { $to }; es el intervalo más frecuente.
distribution-name = Distribución de { $name }
distribution-caption = { $name }: personas según la parte que dieron. Lo que está en el límite de dos intervalos cuenta en el superior; los intervalos sin nadie se omiten.
distribution-ranges = Intervalo
distribution-range = { $from } a { $to }
distribution-people = Personas
distribution-share = Porcentaje
