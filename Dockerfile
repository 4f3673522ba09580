FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY migrations migrations
COPY seeds seeds
COPY src src
# What was built outside must not decide what is built here.
RUN find src -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} + \
 && dotnet publish src/SecurityCoop.Web --configuration Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY seeds seeds
# The token and the keys: everything the host keeps outside the database.
RUN mkdir -m 0700 /data && chown "$APP_UID" /data
VOLUME /data
USER $APP_UID
EXPOSE 5080
ENTRYPOINT ["dotnet", "securitycoop.dll"]
CMD ["serve", "--data", "/data", "--urls", "http://0.0.0.0:5080"]
